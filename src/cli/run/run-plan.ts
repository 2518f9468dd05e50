/** Checks the options of `run` and reads the files that they name. */
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import type { OptionValues } from '../../request/options.ts'
import { type Environments, loadEnvironments, variablesIn } from '../../request/variables/environments.ts'
import { type ScopeSources, VariableScope } from '../../request/variables/scope.ts'
import type { ComposedMessage } from '../../shared/compose/compose.ts'
import type { Variables } from '../../shared/compose/template.ts'
import type { Credentials } from '../../shared/credentials.ts'
import type { Rule } from '../../shared/rule.ts'
import { givenCredentials } from '../auth/given-credentials.ts'
import { requireValid, UsageError } from '../command-line.ts'
import {
  type ConnectOptions,
  checkProtocol,
  type OutputPlan,
  planOutputs,
  readCookieFile,
  readValues,
} from '../connect/connect-plan.ts'
import { readMessages } from '../connect/messages-to-send.ts'
import { isSameFile } from '../same-file.ts'
import { DISK_FILES, rootOf } from './disk-files.ts'
import type { NamedRequest, RequestText } from './request-text.ts'
import { RunSecrets } from './run-secrets.ts'

/** `NAME=VALUE` of `--var`. */
export interface GivenVariable {
  readonly name: string
  readonly value: string
}

/** The options that commander hands over, each read by its reader. */
export interface RunOptions
  extends Pick<
    ConnectOptions,
    | Exclude<keyof ConnectOptions, keyof OptionValues | 'interactive' | 'data' | 'header'>
    | 'timeout'
    | 'protocol'
    | 'protocolOption'
    | 'insecure'
    | 'plainRedirects'
    | 'ca'
    | 'cert'
    | 'key'
    | 'proxy'
    | 'http'
    | 'decoder'
    | 'cookieJar'
  > {
  readonly env?: string
  readonly var?: readonly GivenVariable[]
  /** Files. */
  readonly secrets?: string
  readonly junit?: string
  readonly list?: boolean
}

export interface RunPlan
  extends OutputPlan,
    Pick<RunOptions, 'keepAlive' | 'maxMessages' | 'duration' | 'junit'> {
  readonly text: RequestText
  /** In the order in which they run. */
  readonly requests: readonly NamedRequest[]
  readonly environments: Environments
  readonly environment: string | undefined
  /** Of `--var`. */
  readonly given: Variables
  readonly secretSource: RunSecrets
  /** Options of the command line, which win over those of the file. */
  readonly values: Partial<OptionValues>
  /** Sent over each WebSocket after the messages of its request. */
  readonly messages: readonly ComposedMessage[]
  readonly rules: readonly Rule[]
  /** Of `--auth`, in place of those of each request. */
  readonly credentials: Credentials | undefined
  /** Of `--expect`, for each request. */
  readonly expectations: readonly string[]
}

/** Throws a `UsageError` if the options are wrong or contradict each other. */
export async function planRun(
  text: RequestText,
  requests: readonly NamedRequest[],
  options: RunOptions,
): Promise<RunPlan> {
  await checkOutputs(text.path, options)
  const outputs = await planOutputs(options)
  const { decoder } = outputs
  // A request that does not use the jar does not use the file either.
  const { cookieJar: _, ...given } = options
  const values = await readValues({ ...given, ...(decoder !== undefined && { decoder }) })
  checkProtocol(values)
  const environments = await readEnvironments(text.path)
  requireValid(() => variablesIn(environments, options.env))
  const secretSource = await RunSecrets.read(options.secrets)
  const place = { file: text.path, environment: options.env, secrets: secretSource }
  return {
    ...outputs,
    ...(await readCookieFile(options)),
    text,
    requests,
    environments,
    environment: options.env,
    given: Object.fromEntries((options.var ?? []).map(({ name, value }) => [name, value])),
    secretSource,
    values,
    messages: await readMessages(options),
    rules: options.on ?? [],
    keepAlive: options.keepAlive,
    credentials: options.auth && (await givenCredentials(options.auth, place)),
    expectations: options.expect ?? [],
    maxMessages: options.maxMessages,
    duration: options.duration,
    junit: options.junit,
  }
}

/** Throws a `UsageError` if a file that is written is another one that is read or written. */
async function checkOutputs(file: string, { save, junit, cookieJar }: RunOptions): Promise<void> {
  for (const [option, path] of [
    ['--save', save],
    ['--junit', junit],
    ['--cookie-jar', cookieJar],
  ] as const)
    if (path !== undefined && (await isSameFile(path, file)))
      throw new UsageError(`${option} would overwrite the request file; choose another file.`)
  if (save !== undefined && junit !== undefined && (await isSameFile(save, junit)))
    throw new UsageError('--save and --junit name the same file; choose another one.')
}

async function readEnvironments(file: string): Promise<Environments> {
  return await loadEnvironments(resolve(file), DISK_FILES, { root: rootOf(file), parseEnv })
}

/** The variables of a plan, for a request or for the end of the file. */
export function scopeFor(
  {
    text,
    given,
    environments,
    environment,
  }: Pick<RunPlan, 'text' | 'given' | 'environments' | 'environment'>,
  more: Pick<ScopeSources, 'file' | 'request' | 'answers'>,
): VariableScope {
  return new VariableScope({
    parsed: text.file,
    given,
    environments,
    ...(environment !== undefined && { environment }),
    ...more,
  })
}
