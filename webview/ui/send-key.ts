/** The key that sends a message, or a form. */
import { COMMAND } from './command-key.ts'

/** As it is shown. */
export const SEND_KEY = `${COMMAND}⏎`

export function isSendKey({ key, ctrlKey, metaKey }: KeyboardEvent): boolean {
  return key === 'Enter' && (ctrlKey || metaKey)
}
