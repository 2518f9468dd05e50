/** The one way to the log channel: nothing gets into it with its secrets, and what a peer says forges no line of it. */
import type { LogOutputChannel } from 'vscode'
import { maskText } from '../../shared/secrets.ts'

const LEVELS: ReadonlySet<unknown> = new Set(['trace', 'debug', 'info', 'warn', 'error'])

/** Line ends of a stack trace stay; other control characters, and line ends of a sentence, become spaces. */
function logged(value: unknown): unknown {
  if (value instanceof Error) return maskText(value.stack ?? String(value)).replaceAll(/[^\P{Cc}\n\t]/gu, ' ')
  return typeof value === 'string' ? maskText(value).replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ') : value
}

/** The channel with everything that is logged in it masked. */
export function maskedLog(channel: LogOutputChannel): LogOutputChannel {
  // Not a proxy of the channel itself: what it has could not be replaced if it is frozen.
  return new Proxy({} as LogOutputChannel, {
    get(_, name) {
      const member: unknown = Reflect.get(channel, name, channel)
      if (typeof member !== 'function') return member
      const log = member.bind(channel)
      return LEVELS.has(name) ? (...given: unknown[]) => log(...given.map(logged)) : log
    },
  })
}
