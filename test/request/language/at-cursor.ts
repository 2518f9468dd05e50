/** Texts of files with the place of the cursor. */
import { parseRequestFile } from '../../../src/request/file/parse.ts'
import type { RequestFile } from '../../../src/request/file/request-file.ts'

/** A file in which `|` stands for the cursor. */
export function atCursor(marked: string): { readonly file: RequestFile; readonly offset: number } {
  const offset = marked.indexOf('|')
  return { file: parseRequestFile(marked.replace('|', '')), offset }
}

/** The text of a span. */
export function textOf(file: RequestFile, { start, end }: { start: number; end: number }): string {
  return file.text.slice(start, end)
}
