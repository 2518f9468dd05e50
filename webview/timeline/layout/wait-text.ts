/** What a wait was, of what its event says (`reconnect 1 in 1.4 s · why · …`) and its gap (`3 missed`). */
export interface WaitWords {
  /** On one line, in ever fewer words. */
  readonly lines: readonly string[]
  /** One below the other where no line has room; the first of each that fits, the last one cut. */
  readonly stack: readonly (readonly string[])[]
}

export function waitWords(said: string, lost: string | undefined): WaitWords {
  const [first = '', reason = ''] = said.split(' · ')
  const retry = first.replace(/^reconnect/, 'retry')
  const short = retry.replace(/ in .*$/, '')
  const join = (...parts: (string | undefined)[]) => parts.filter(Boolean).join(' · ')
  return {
    lines: [join(retry, reason, lost), join(short, reason, lost)],
    stack: [[retry, short], [lost ?? ''], [reason]].filter(([text]) => text !== ''),
  }
}
