/** What the browser does with texts and files for the panel. */
import { Failure } from '../../../src/shared/failure.ts'

/** Milliseconds after which a download has surely begun. */
const BEGUN = 60_000

/** Copies a text. Rejects with a `Failure` if the browser does not allow it. */
export async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    throw new Failure(
      'NO_CLIPBOARD',
      'The browser did not allow this page to copy; allow it to use the clipboard, or select the text and copy it.',
    )
  }
}

/** Offers a file for download. */
export function download(name: string, file: Blob): void {
  const url = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), BEGUN)
}
