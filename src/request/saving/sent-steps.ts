/** The messages of a connection as the steps of a request: with names, in their order, with waits for answers. */
import type { TemplateMessage } from '../../shared/compose/compose.ts'
import type { SentMessage } from '../../shared/protocol/requests.ts'
import type { ScriptStep } from '../../shared/request-script.ts'
import type { SecretNames } from './secret-names.ts'
import { textWithPlaceholders } from './with-placeholders.ts'

/** Names that only say that a message has none. */
const NO_NAMES: ReadonlySet<string> = new Set(['text', 'binary', ''])
const MAX_NAME = 60

/**
 * Names are given only to messages that call themselves something, and are different. Without `secrets`, the texts of
 * messages stay as they are.
 */
export function sentSteps(sent: readonly SentMessage[], secrets?: SecretNames): readonly ScriptStep[] {
  const taken = new Set<string>()
  return sent.flatMap((message, at) => {
    const name = freeName(message.name, taken)
    const step: ScriptStep = {
      kind: 'send',
      ...(name !== undefined && { name }),
      message: contentOf(message, secrets),
    }
    return message.isAfterAnswer && at > 0 ? [{ kind: 'wait' }, step] : [step]
  })
}

function contentOf({ text, base64 = '' }: SentMessage, secrets: SecretNames | undefined): TemplateMessage {
  if (text === undefined) return { format: 'base64', text: base64 }
  if (secrets === undefined) return { format: 'text', text }
  return { format: 'text', text: textWithPlaceholders(text, secrets), variables: {} }
}

function freeName(own: string, taken: Set<string>): string | undefined {
  const called = own.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_NAME)
  if (NO_NAMES.has(called)) return undefined
  let name = called
  for (let n = 2; taken.has(name); n++) name = `${called} ${n}`
  taken.add(name)
  return name
}
