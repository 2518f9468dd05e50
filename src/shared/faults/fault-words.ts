/**
 * Words for faults that the terminal, the editor and its pages show. Each text is written once, in a call that `npm run l10n` finds, and
 * translated by what the caller passes.
 */
import type { FaultUnit } from '../faults.ts'

/** `vscode.l10n`, or `@vscode/l10n`. */
interface Translator {
  t(message: string): string
}

export interface FaultWords {
  /** What a value has to be, as the end of a sentence. */
  readonly values: Readonly<Record<FaultUnit, string>>
  /** What the presets model, by their names. */
  readonly models: Readonly<Record<PresetName, string>>
}

export type PresetName = 'slow-3g' | 'flaky-train' | 'idle-timeout' | 'server-restart' | 'buffering-proxy'

export function faultWords(l10n: Translator): FaultWords {
  return {
    values: {
      ms: l10n.t('a time such as 200, 200ms or 5s'),
      share: l10n.t('a share from 0 to 1, or such as 10%'),
      'bytes/s': l10n.t('bytes a second, such as 5000 or 50KB/s'),
      bytes: l10n.t('a number of bytes, such as 16384 or 16KiB'),
      messages: l10n.t('a count of messages such as 5n'),
      status: l10n.t('an HTTP status from 200 to 599'),
      none: l10n.t('left out'),
    },
    models: {
      'slow-3g': l10n.t(
        'a slow mobile network: 400 kbit/s, and a round trip of 400 ms, half of it in each direction',
      ),
      'flaky-train': l10n.t(
        'a phone in a train: delays that vary a lot, a connection that is lost every 20 s, and every third attempt fails',
      ),
      'idle-timeout': l10n.t(
        'a load balancer or a reverse proxy that closes connections on which nothing passes for 60 s',
      ),
      'server-restart': l10n.t(
        'a deployment: 10 s after the first connection opened, all are cut; the server accepts connections again after 5 s',
      ),
      'buffering-proxy': l10n.t(
        'a reverse proxy that buffers responses, so that events arrive in bursts or at the end',
      ),
    },
  }
}

/** As the terminal and recorded failures have them. */
export const ENGLISH = faultWords({ t: (message) => message })
