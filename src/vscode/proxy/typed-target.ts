/** What the user may mean by a text as the target of a recording proxy. Does not import `vscode`. */
import { readTyped } from '../../request/typed-url.ts'

/** The targets that a text may mean, the likeliest first; a sentence if it is none. Empty for an empty text. */
export function targetsIn(typed: string): readonly string[] | string {
  const text = typed.trim()
  const [, port] = /^:?(\d{1,5})$/.exec(text) ?? []
  const read = readTyped(port === undefined ? text : `http://localhost:${port}`)
  if (read.kind === 'empty') return []
  if (read.kind === 'problem') return read.message
  return [...new Set(read.urls.map(originOf))]
}

/** A proxy passes on to a server, not to a path. The URL of a WebSocket stands for its server too. */
function originOf(url: string): string {
  return new URL(url.replace(/^ws/i, 'http')).origin
}
