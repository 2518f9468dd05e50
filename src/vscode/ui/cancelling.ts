/** Work that the user can cancel if it takes long. */
import { setTimeout as delay } from 'node:timers/promises'
import * as vscode from 'vscode'
import { plainText } from './untrusted-text.ts'

/** Milliseconds after which a notification offers to cancel the work. */
const LONG = 1000

/** Settles like `work`, which has to reject when its signal is aborted. */
export async function withCancelling<T>(
  title: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const control = new AbortController()
  const done = work(control.signal)
  const over = new AbortController()
  const settled = done.then(
    () => over.abort(),
    () => over.abort(),
  )
  const isLong = await delay(LONG, true, { signal: over.signal }).catch(() => false)
  if (isLong)
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: plainText(title), cancellable: true },
      async (_progress, token) => {
        token.onCancellationRequested(() => control.abort())
        await settled
      },
    )
  return await done
}
