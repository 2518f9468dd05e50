/** Reads the options of a request, as they are used and as they are remembered. */
import { Failure } from '../../shared/failure.ts'
import type { Field } from '../file/request-file.ts'
import { type RequestSetting, settingOf } from '../file/settings.ts'
import type { OptionValues } from '../options.ts'
import type { Filled, Filling } from '../variables/fill.ts'
import { placed } from './failure.ts'

/** What options say besides the specification of the connection. */
export interface RunOptions {
  readonly maxMessages?: number
  readonly duration?: number
  readonly send?: 'in-order' | 'manual'
}

export interface ReadOptions {
  readonly values: Partial<OptionValues>
  readonly remembered: Partial<OptionValues>
  readonly run: RunOptions
}

/** Reads the file of an option whose value is a path. */
export type ReadFile = (field: Field) => Promise<string>

type Collected = Record<string, unknown>

function collect(values: Collected, { sets, isList }: RequestSetting, value: unknown): void {
  const known = values[sets]
  values[sets] = isList ? [...(Array.isArray(known) ? known : []), value] : value
}

/** What an option is for a text. Throws a `Failure` `BAD_VALUE` that names the option. */
function read(setting: RequestSetting, text: string): unknown {
  try {
    return setting.read(text)
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    throw new Failure(thrown.code, thrown.message.replace(/^It /, `The option ${setting.name} `))
  }
}

/** A value with placeholders in place of secrets may be none that the option accepts. It is then left out. */
function readRemembered(setting: RequestSetting, { remembered }: Filled): unknown {
  try {
    return setting.read(remembered)
  } catch (thrown) {
    if (thrown instanceof Failure) return undefined
    throw thrown
  }
}

/** An option of a protocol may be JSON, in which a value stays inside of its string. */
function filledValue({ sets }: RequestSetting, text: string, filling: Filling): Promise<Filled> {
  if (sets !== 'protocolOption') return filling.fill(text)
  const isJson = /^[^=]*=\s*[[{"]/.test(text)
  return isJson ? filling.fillJson(text, 'each-attempt') : filling.fill(text, 'each-attempt')
}

/** Reads the options of a request. Those that are not known are a problem of the file, and are left out. */
export async function readOptions(
  fields: readonly Field[],
  filling: Filling,
  readFile: ReadFile,
): Promise<ReadOptions> {
  const values: Collected = {}
  const remembered: Collected = {}
  for (const field of fields) {
    const setting = settingOf(field.name.text)
    if (setting === undefined) continue
    if (setting.isPath) {
      collect(values, setting, await readFile(field))
      continue
    }
    const filled = await placed(field.value, () => filledValue(setting, field.value.text, filling))
    collect(values, setting, await placed(field.value, () => read(setting, filled.text)))
    const kept = readRemembered(setting, filled)
    if (kept !== undefined) collect(remembered, setting, kept)
  }
  const { maxMessages, duration, send, ...used } = values
  const { maxMessages: _, duration: __, send: ___, ...others } = remembered
  return {
    values: used as Partial<OptionValues>,
    remembered: others as Partial<OptionValues>,
    run: { maxMessages, duration, send } as RunOptions,
  }
}
