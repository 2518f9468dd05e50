/** Gets the recordings that the playground opens: those of the site, and files of the user. */
import { withBase } from 'vitepress'
import type { ExampleName } from '../../recordings/examples.ts'

export interface OpenFile {
  readonly file: Blob
  readonly name: string
}

/** Bytes of the largest file that is opened. */
export const MAX_FILE = 1024 * 1024 * 1024

/** Rejects with an `Error` for the user. */
export async function openExample(example: ExampleName): Promise<OpenFile> {
  const name = `${example}.rtsession`
  const response = await fetch(withBase(`/recordings/${name}`)).catch(() => undefined)
  if (!response?.ok)
    throw new Error(
      `The example could not be loaded (${response?.status ?? 'no connection'}); try again later.`,
    )
  return { file: await response.blob(), name }
}

/** Rejects with an `Error` for the user. */
export async function openFile(file: File): Promise<OpenFile> {
  if (file.size > MAX_FILE)
    throw new Error(
      `${file.name} is too large for a browser: it has ${(file.size / MAX_FILE).toFixed(1)} GiB, and the playground opens files of up to 1 GiB. Open it in VS Code.`,
    )
  return { file, name: file.name }
}
