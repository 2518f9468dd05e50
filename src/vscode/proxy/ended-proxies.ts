/** Says that recording proxies ended with the window or the engine, and offers to start them again. */
import * as vscode from 'vscode'
import type { LiveSession } from '../session/live-session.ts'
import type { Notifier } from '../ui/notifier.ts'
import { nameOf, type Proxies } from './proxies.ts'

export interface EndedProxiesOptions {
  readonly session: LiveSession
  readonly proxies: Proxies
  readonly notifier: Notifier
}

/** Remembers which proxies run, and says when the extension starts which of them ended with the window before. */
export function offerEndedProxies({ session, proxies, notifier }: EndedProxiesOptions): vscode.Disposable {
  const { recent } = proxies
  const remember = () => {
    recent.setRunning(proxies.all).catch((error) => notifier.internal(error))
  }
  const offer = () => {
    const { ended } = recent
    if (ended.length === 0) return
    const [first] = ended
    const sentence =
      ended.length === 1 && first !== undefined
        ? vscode.l10n.t('The recording proxy for {0} has ended with the window or its engine.', nameOf(first))
        : vscode.l10n.t('{0} recording proxies have ended with the window or its engine.', ended.length)
    notifier.info(sentence, {
      title: vscode.l10n.t('Start Again'),
      run: async () => {
        for (const options of ended) await proxies.start(options).catch((error) => notifier.failure(error))
      },
    })
    remember()
  }
  offer()
  return vscode.Disposable.from(
    session.onFailure(offer),
    session.onStatus((status) => status !== undefined && remember()),
  )
}
