import fc from 'fast-check';

/** Properties try the same cases in every run, so that a failure is the change's; `FUZZ_SEED=N npm test` tries others. */
fc.configureGlobal({ seed: Number(process.env.FUZZ_SEED ?? 9293) });
