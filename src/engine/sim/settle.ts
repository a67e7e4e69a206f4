import { nextOutput } from '../tcp/output';
import { keepConnections } from './listening';
import { addPending, dropPending } from './pending';
import { freeSlot, nameRemote } from './slots';
import type { Slot, World } from './state';
import { placeTimer } from './timerHeap';

const NEVER = Number.POSITIVE_INFINITY;

/**
 * To be called after anything has happened to a connection: keeps the order in which connections came to have output,
 * gives each timer that was started since its place in the order of insertion, and keeps the host's connections in order
 * when this one has changed its state.
 */
export function settle(world: World, slot: Slot): void {
  const { tcb } = slot;
  if (tcb.remote !== slot.seenRemote) nameRemote(world, slot);
  if (tcb.state !== slot.seenState) keepConnections(world, slot);
  const wasPending = slot.output !== 'none';
  slot.output = nextOutput(tcb);
  const isPending = slot.output !== 'none';
  if (isPending && !wasPending) addPending(world.pending, slot.index);
  else if (wasPending && !isPending) dropPending(world.pending, slot.index);
  if (tcb.timersChanged) {
    tcb.timersChanged = false;
    observeTimers(world, slot);
  }
  if (slot.leaving && !isPending) freeSlot(world, slot);
}

function observeTimers(world: World, slot: Slot): void {
  const { timers } = slot.tcb;
  const { nextAtUs, nextOrder } = slot;
  slot.nextTimer = -1;
  slot.nextAtUs = NEVER;
  // By name and in the order of TIMER_NAMES: a loop over the names, whose keys differ, takes four times as long.
  observeTimer(world, slot, 0, timers.user);
  observeTimer(world, slot, 1, timers['delayed-ack']);
  observeTimer(world, slot, 2, timers.reordering);
  observeTimer(world, slot, 3, timers['loss-probe']);
  observeTimer(world, slot, 4, timers.retransmission);
  observeTimer(world, slot, 5, timers.persist);
  observeTimer(world, slot, 6, timers['keep-alive']);
  observeTimer(world, slot, 7, timers['time-wait']);
  if (slot.nextAtUs !== nextAtUs || slot.nextOrder !== nextOrder) placeTimer(world.timers, world.slots, slot);
}

function observeTimer(world: World, slot: Slot, index: number, atUs: number): void {
  if (slot.timerAtUs[index] !== atUs) noteTimer(world, slot, index, atUs);
  // Timers of one connection that are due at the same instant expire in the order of TIMER_NAMES.
  if (atUs < slot.nextAtUs) {
    slot.nextTimer = index;
    slot.nextAtUs = atUs;
    slot.nextOrder = slot.timerOrder[index] ?? 0;
  }
}

function noteTimer(world: World, slot: Slot, index: number, atUs: number): void {
  slot.timerAtUs[index] = atUs;
  slot.timerOrder[index] = atUs === NEVER ? 0 : world.nextOrder++;
}
