/** Checks a composed message before it is sent. */
import { type ComposedMessage, checkMessage } from '../../src/shared/compose/compose.ts'
import { placeholders, type Variables } from '../../src/shared/compose/template.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'

/** Names of the variables that messages and rules have set on a connection. */
export function namesSetOn(connection: ConnectionStatus | undefined): readonly string[] {
  return Object.keys(connection?.script?.variables ?? {})
}

/**
 * Throws a `Failure` as `checkMessage` does. A message that uses a variable of the connection is checked when it is sent:
 * the value may be masked here.
 */
export function checkComposed(
  message: ComposedMessage,
  variables: Variables,
  setOnConnection: readonly string[],
): void {
  if (placeholders(message.text).some((name) => setOnConnection.includes(name))) return
  checkMessage(message, variables)
}
