/** Reads the files that options name. */
import { readFile } from 'node:fs/promises'
import { buffer } from 'node:stream/consumers'
import { getSystemErrorMap } from 'node:util'
import { type OptionValues, readOption } from '../../request/options.ts'
import type { Dialect } from '../../shared/dialect.ts'
import { Failure } from '../../shared/failure.ts'
import { UsageError } from '../command-line.ts'
import type { ValueFile } from '../option-values.ts'

/** Reads the file that `option` names, or standard input if that is `-`. Throws a `UsageError` if it cannot be read. */
export async function readFileOrInput(file: string, option: string): Promise<Buffer> {
  return file === '-' ? await buffer(process.stdin) : await readOptionFile(file, option)
}

/** Reads the file that `option` names. Throws a `UsageError` if it cannot be read. */
export function readOptionFile(file: string, option: string): Promise<Buffer> {
  return readGivenFile(file, `The file that ${option} names, ${file},`)
}

/** Reads a file of the command line, which `what` names in a sentence. Throws a `UsageError` if it cannot be read. */
export async function readGivenFile(file: string, what: string): Promise<Buffer> {
  try {
    return await readFile(file)
  } catch (thrown) {
    throw new UsageError(`${what} cannot be read: ${reasonFor(thrown as NodeJS.ErrnoException)}.`)
  }
}

/** What the system says of an error, as a clause. */
export function reasonFor({ errno = 0, message }: NodeJS.ErrnoException): string {
  const [, reason = message] = getSystemErrorMap().get(errno) ?? []
  return reason
}

/** Reads the dialects that `--protocols` names. Throws a `UsageError` with the first problem. */
export async function readDialects(file: string): Promise<readonly Dialect[]> {
  const { parseDialectFile } = await import('../../decode/dialects/parse-dialect.ts')
  const { dialects, problems } = parseDialectFile(
    new TextDecoder().decode(await readOptionFile(file, '--protocols')),
    file,
  )
  if (problems[0] !== undefined) throw new UsageError(problems[0])
  return dialects
}

/** Values of options that also take files of them: how each option and one of its values is called. */
const LISTED = {
  header: { option: '-H', value: 'a header' },
  protocolOption: { option: '--protocol-option', value: 'an option' },
} as const

/** Replaces each file with its values, in order. Throws a `UsageError`. */
export async function readListed<Name extends keyof typeof LISTED>(
  name: Name,
  given: readonly (OptionValues[Name][number] | ValueFile)[],
): Promise<OptionValues[Name][number][]> {
  const values = await Promise.all(given.map((each) => ('file' in each ? valuesIn(each.file, name) : [each])))
  return values.flat()
}

/** One value on each line; empty lines are skipped. An invalid line is named by its number, because it may hold a secret. */
async function valuesIn<Name extends keyof typeof LISTED>(
  file: string,
  name: Name,
): Promise<OptionValues[Name][number][]> {
  const { option, value } = LISTED[name]
  const text = new TextDecoder().decode(await readFileOrInput(file, option))
  return text.split('\n').flatMap((line, index) => {
    const content = line.endsWith('\r') ? line.slice(0, -1) : line
    if (content.trim() === '') return []
    try {
      return [readOption(name, content) as OptionValues[Name][number]]
    } catch (thrown) {
      if (!(thrown instanceof Failure)) throw thrown
      throw new UsageError(
        `Line ${index + 1} of ${file}, which ${option} names, is not ${value}. ${thrown.message}`,
      )
    }
  })
}
