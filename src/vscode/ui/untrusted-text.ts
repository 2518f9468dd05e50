/**
 * Text of peers and of files, made safe for VS Code's messages and for the log. Does not import `vscode` at run time.
 */
import type { LogOutputChannel } from 'vscode'
import { maskText } from '../../shared/secrets.ts'
import { withoutHidden } from './hidden-values.ts'
import type { RecentLog } from './recent-log.ts'

const LEVELS: ReadonlySet<unknown> = new Set(['trace', 'debug', 'info', 'warn', 'error'])

/**
 * Text for messages, progress and prompts of VS Code. They show `[label](command:…)` as a link that runs the command,
 * and what a peer or a file says must stay text.
 */
export function plainText(text: string): string {
  return text.replaceAll('](', '] (')
}

/** The text without secrets: those that look like one, and those in use. */
export function maskedText(text: string): string {
  return withoutHidden(maskText(text))
}

/** Text for Markdown, in which nothing is markup: every punctuation character is escaped (CommonMark section 2.4). */
export function markdownText(text: string): string {
  return text.replaceAll(/[!-/:-@[-`{-~]/g, String.raw`\$&`).replaceAll(/\s+/g, ' ')
}

/** Replaces control characters by spaces. Line breaks stay only in stack traces. */
function logged(value: unknown): unknown {
  if (value instanceof Error)
    return maskedText(value.stack ?? String(value)).replaceAll(/[^\P{Cc}\n\t]/gu, ' ')
  return typeof value === 'string' ? maskedText(value).replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ') : value
}

/** Returns the channel with secrets masked in everything that is logged; `recent` gets the same. */
export function maskedLog(channel: LogOutputChannel, recent?: RecentLog): LogOutputChannel {
  // The target is not the channel: a proxy cannot replace the members of a frozen object.
  return new Proxy({} as LogOutputChannel, {
    get(_, name) {
      const member: unknown = Reflect.get(channel, name, channel)
      if (typeof member !== 'function') return member
      const log = member.bind(channel)
      if (!LEVELS.has(name)) return log
      return (...given: unknown[]) => {
        const values = given.map(logged)
        recent?.add(String(name), values)
        log(...values)
      }
    },
  })
}
