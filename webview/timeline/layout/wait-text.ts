/** The text of a wait, from the text of its event (`reconnect 1 in 1.4 s · why · …`) and of its gap (`3 missed`). */
export interface WaitWords {
  /** One line, with shorter and shorter texts. */
  readonly lines: readonly string[]
  /** Several lines, if one has no room. Of each, the first text that fits, or the last one, shortened. */
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
