/** Work that the user can cancel if it takes long. */
import { setTimeout as delay } from 'node:timers/promises'
import * as vscode from 'vscode'
import { plainText } from './untrusted-text.ts'

/** Milliseconds after which a notification offers to cancel the work. */
const LONG = 1000

/**
 * Shows the progress of `work`, in percent, in a notification that can cancel it. Settles like `work`, which has to
 * settle soon after `cancel` is called.
 */
export async function withProgress<T>(
  title: string,
  work: (report: (percent: number, message: string) => void) => Promise<T>,
  cancel: () => unknown,
): Promise<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: plainText(title),
    cancellable: true,
  }
  return await vscode.window.withProgress(options, async (progress, token) => {
    let reported = 0
    token.onCancellationRequested(cancel)
    return await work((percent, message) => {
      progress.report({ message, increment: percent - reported })
      reported = percent
    })
  })
}

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
    await withProgress(
      title,
      () => settled,
      () => control.abort(),
    )
  return await done
}
