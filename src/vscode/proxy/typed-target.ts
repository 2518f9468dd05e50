/** What the user may mean by a text as the target of a recording proxy. Does not import `vscode`. */
import { readTyped } from '../../request/typed-url.ts'

/** The targets that a text may mean, the likeliest first; a sentence if it is none. Empty for an empty text. */
export function targetsIn(typed: string): readonly string[] | string {
  const text = typed.trim()
  const [, port] = /^:?(\d{1,5})$/.exec(text) ?? []
  const read = readTyped(port === undefined ? text : `http://localhost:${port}`)
  if (read.kind === 'empty') return []
  if (read.kind === 'problem') return read.message
  return [...new Set(read.urls.map(asTarget))]
}

/** The URL of a WebSocket stands for its server. */
function asTarget(url: string): string {
  return /^ws/i.test(url)
    ? new URL(url.replace(/^ws/i, 'http')).origin
    : url.replace(/^([^/]+\/\/[^/]+)\/$/, '$1')
}
