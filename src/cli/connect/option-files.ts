/** Reads the files that options name. */
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import type { HeaderField } from '../../request/headers.ts'
import { readOption } from '../../request/options.ts'
import { Failure } from '../../shared/failure.ts'
import { UsageError } from '../command-line.ts'
import type { HeaderFile } from '../option-values.ts'

/** Reads the file that `option` names, or standard input if that is `-`. Throws a `UsageError` if it cannot be read. */
export async function readFileOrInput(file: string, option: string): Promise<Buffer> {
  return file === '-' ? await buffer(process.stdin) : await readOptionFile(file, option)
}

/** Reads the file that `option` names. Throws a `UsageError` if it cannot be read. */
export async function readOptionFile(file: string, option: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (thrown) {
    const { code = '', message } = thrown as NodeJS.ErrnoException
    throw new UsageError(`The file that ${option} names, ${file}, cannot be read: ${reason(code, message)}.`)
  }
}

/** Takes `no such file or directory` from `ENOENT: no such file or directory, open '/a'`. */
function reason(code: string, message: string): string {
  const end = message.indexOf(', ')
  return message.startsWith(`${code}: `) && end > 0 ? message.slice(code.length + 2, end) : message
}

/** Replaces each file with its header fields, in order. Throws a `UsageError`. */
export async function readFields(given: readonly (HeaderField | HeaderFile)[]): Promise<HeaderField[]> {
  const fields: HeaderField[] = []
  for (const each of given) {
    if ('file' in each) for (const field of await fieldsIn(each.file)) fields.push(field)
    else fields.push(each)
  }
  return fields
}

/** One field on each line; empty lines are skipped. An invalid line is named by its number, because it may hold a secret. */
async function fieldsIn(file: string): Promise<HeaderField[]> {
  const text = new TextDecoder().decode(await readFileOrInput(file, '-H'))
  return text.split('\n').flatMap((line, index) => {
    const content = line.endsWith('\r') ? line.slice(0, -1) : line
    if (content.trim() === '') return []
    try {
      return [readOption('header', content)]
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      throw new UsageError(`Line ${index + 1} of ${file}, which -H names, is not a header. ${thrown.message}`)
    }
  })
}
