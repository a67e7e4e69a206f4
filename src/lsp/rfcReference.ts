const REFERENCE = /RFC (\d+)(?: (?:section |Appendix )?([0-9A-Z]+(?:\.[0-9]+)*))?/;

/** The address at the RFC editor of a reference such as `RFC 9293 3.10.7.4, fifth check`; null when the text is no reference. */
export function referenceUrl(reference: string): string | null {
  const [, rfc, section] = REFERENCE.exec(reference) ?? [];
  if (rfc === undefined) return null;
  const page = `https://www.rfc-editor.org/rfc/rfc${rfc}`;
  if (section === undefined) return page;
  return `${page}#${/^\d/.test(section) ? 'section' : 'appendix'}-${section}`;
}

/** A reference as a markdown link; as it is when it is none. */
export function referenceLink(reference: string): string {
  const url = referenceUrl(reference);
  return url === null ? reference : `[${reference}](${url})`;
}
