/** The passphrase of an encrypted key: from the environment, else asked for on the terminal. */
import { isEncryptedKey } from '../../shared/host-certificates.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { onSignal } from '../exit.ts'
import { Questions } from '../run/questions.ts'

const VARIABLE = 'REALTIME_KEY_PASSPHRASE'

/**
 * The specification with the passphrase of its key, if it needs one. Without a passphrase the connection fails, and says what
 * to do. Rejects with `CANCELLED` if `questions` are stopped. If they are absent, a signal exits.
 */
export async function withPassphrase(spec: ConnectionSpec, questions?: Questions): Promise<ConnectionSpec> {
  const { tls } = spec
  if (tls?.key === undefined || tls.passphrase !== undefined || !isEncryptedKey(tls.key)) return spec
  const passphrase = process.env[VARIABLE] || (await ask(questions))
  return passphrase ? { ...spec, tls: { ...tls, passphrase } } : spec
}

async function ask(given: Questions | undefined): Promise<string | undefined> {
  const questions = given ?? new Questions()
  if (!questions.canAsk) return undefined
  const stopListening = given === undefined ? onSignal((code) => process.exit(code)) : () => {}
  try {
    return await questions.ask('Passphrase of the private key', true)
  } finally {
    stopListening()
  }
}
