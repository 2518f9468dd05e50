/** Commands on the requests of files. With arguments they act and reject; without arguments they ask the user. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { RequestFailure } from '../../request/resolve.ts'
import { Failure } from '../../shared/failure.ts'
import { chooseConnection } from '../session/choose-connection.ts'
import type { LiveSession } from '../session/live-session.ts'
import { pickOne } from '../ui/asking.ts'
import { asUri, FROM_MENU, isMenuContext, ofRow, parseId } from '../ui/command-arguments.ts'
import type { AnswerValues } from './answer-values.ts'
import { activeRequestFile, chooseEnvironment } from './choose-environment.ts'
import { chooseRequest, requestAtCursor } from './choose-request.ts'
import { NOT_TRUSTED } from './confirm-run.ts'
import type { Environments } from './environments.ts'
import type { ImportOptions } from './import-requests.ts'
import { manageSecrets } from './manage-secrets.ts'
import { newRequestFile } from './new-file.ts'
import type { RequestTokens } from './oauth2/request-tokens.ts'
import type { RequestIndex } from './request-index.ts'
import { findRequest, type RequestReference, type RequestRuns } from './request-runs.ts'
import type { RequestSaver } from './saving/request-saver.ts'
import type { SaveSource } from './saving/save-source.ts'
import { showSpan } from './show-request.ts'
import { showValues } from './show-values.ts'

export interface RequestCommandOptions extends ImportOptions {
  readonly session: LiveSession
  readonly index: RequestIndex
  readonly runs: RequestRuns
  readonly environments: Environments
  readonly tokens: RequestTokens
  readonly values: AnswerValues
  readonly saver: () => Promise<RequestSaver>
  /** Shows the panel without covering the active editor. */
  readonly showBeside: () => void
}

/** The arguments of a command for a request, if a code lens or a menu runs it. */
export function requestArguments(uri: vscode.Uri, name: string): [uri: vscode.Uri, name: string, by: string] {
  return [uri, name, FROM_MENU]
}

export function requestCommands(options: RequestCommandOptions) {
  const { session, index, runs, environments, requestSecrets, tokens, values, notifier } = options

  /** Shows the failures of what the user did with a request. */
  const visibly = async <T>(
    reference: RequestReference,
    action: () => Promise<T>,
  ): Promise<T | undefined> => {
    try {
      return await action()
    } catch (thrown) {
      notifier.failure(thrown, ...actionsFor(thrown, reference))
      return undefined
    }
  }

  const runAndShow = async ({ uri, name }: RequestReference) => {
    const id = await runs.run(uri, name)
    options.showBeside()
    return id
  }

  /** Does something with the request that the arguments mean, else with the one that the user means. */
  const withRequest = async <T>(
    args: readonly unknown[],
    title: string,
    action: (reference: RequestReference) => Promise<T>,
  ): Promise<T | undefined> => {
    const [uri, which, by] = ofRow(args)
    const given = asUri(uri ?? undefined)
    if (given === undefined || which === undefined || isMenuContext(which)) {
      const cursor = requestAtCursor(index, given)
      const reference = cursor ?? (await chooseRequest(index, title, given))
      return await visibly(reference, () => action(reference))
    }
    const reference = await referenceOf(index, given, which)
    return by === FROM_MENU ? await visibly(reference, () => action(reference)) : await action(reference)
  }

  return {
    'realtimeInspector.runRequest': (...args: readonly unknown[]) =>
      withRequest(args, vscode.l10n.t('Run Request'), runAndShow),
    'realtimeInspector.sendRequestMessage': async (
      uri: unknown,
      which: unknown,
      step: unknown,
      by: unknown,
    ) =>
      await withRequest(
        [uri, which, by],
        vscode.l10n.t('Send Message of Request'),
        async ({ uri: of, name }) => {
          const position = typeof step === 'number' ? step : await chooseStep(index, of, name)
          await runs.sendStep(of, name, position)
        },
      ),
    'realtimeInspector.sendAllMessages': (...args: readonly unknown[]) =>
      withRequest(args, vscode.l10n.t('Send All Messages of Request'), ({ uri, name }) =>
        runs.sendAll(uri, name),
      ),
    'realtimeInspector.saveRequest': async (argument: unknown) =>
      (await options.saver()).save(asSource(argument)),
    'realtimeInspector.editRequest': async (argument: unknown) => {
      const opened = session.connections.filter(({ id }) => runs.requestOf(id) !== undefined)
      const none = vscode.l10n.t('No connection was opened from a request file.')
      const title = vscode.l10n.t('Edit Request')
      const id = parseId(argument) ?? (await chooseConnection(session.labels, opened, title, none))
      const reference = runs.requestOf(id)
      if (reference === undefined) throw new Failure('NO_REQUEST', none)
      const { request } = findRequest(await index.fileAt(reference.uri), reference.name)
      const { start } = request.line
      await showSpan(reference.uri, { start, end: start })
    },
    'realtimeInspector.selectEnvironment': async (name: unknown) => {
      if (typeof name === 'string' || name === null) await environments.choose(name ?? undefined)
      else await chooseEnvironment({ environments, secrets: requestSecrets, tokens, notifier })
    },
    'realtimeInspector.newRequestFile': newRequestFile,
    'realtimeInspector.importRequests': async (clicked: unknown, selected: unknown) => {
      // Loaded late, because few people import, and the formats take a tenth of the time to load the extension.
      const { importRequests } = await import('./import-requests.ts')
      return await importRequests(options, urisOf(clicked, selected))
    },
    'realtimeInspector.manageSecrets': () => manageSecrets(requestSecrets, tokens, notifier),
    'realtimeInspector.showRequestValues': () => showValues(values, notifier, activeRequestFile()),
  }
}

const position = v.pipe(v.number(), v.integer(), v.minValue(0))
const uri = v.custom<vscode.Uri>((value) => value instanceof vscode.Uri)
const source = v.union([
  v.object({ recording: uri, connection: v.optional(position) }),
  v.object({ connection: position }),
  v.object({ recent: position }),
])

/** The files of a menu: the one that was clicked, or all that are selected. */
function urisOf(clicked: unknown, selected: unknown): readonly vscode.Uri[] {
  const all = Array.isArray(selected) && selected.length > 0 ? selected : [clicked]
  return all.filter((each) => each instanceof vscode.Uri)
}

/** What to save: a file, a connection by its id or in a tree, or a recent one; undefined to ask. */
function asSource(argument: unknown): SaveSource | undefined {
  if (argument === undefined || argument === null) return undefined
  if (argument instanceof vscode.Uri) return { recording: argument }
  const given = typeof argument === 'object' && 'uri' in argument ? { recording: argument.uri } : argument
  const parsed = v.safeParse(source, given)
  if (parsed.success) return parsed.output as SaveSource
  const connection = parseId(argument)
  return connection === undefined ? undefined : { connection }
}

/** `which` is the name of a request, or a line of it, counted from 0. */
async function referenceOf(index: RequestIndex, uri: vscode.Uri, which: unknown): Promise<RequestReference> {
  const file = await index.fileAt(uri)
  if (typeof which === 'string') return { uri, name: findRequest(file, which).name }
  if (typeof which !== 'number' || !Number.isInteger(which) || which < 0)
    throw new Failure(
      'BAD_ARGUMENT',
      vscode.l10n.t('Name a request by its name, or by one of its lines, counted from 0.'),
    )
  return { uri, name: findRequest(file, endOfLine(file.file.text, which)).name }
}

/** The offset of the end of a line, counted from 0. */
function endOfLine(text: string, line: number): number {
  let end = -1
  for (let n = 0; n <= line; n++) {
    end = text.indexOf('\n', end + 1)
    if (end < 0) return text.length
  }
  return end
}

async function chooseStep(index: RequestIndex, uri: vscode.Uri, name: string): Promise<number> {
  const { request } = findRequest(await index.fileAt(uri), name)
  const items = request.steps.flatMap((step, at) => {
    if (step.kind !== 'send') return []
    const text = step.content.map((part) => (part.kind === 'text' ? part.text : part.path.text)).join(' ')
    const line = text.replaceAll(/\s+/g, ' ').trim().slice(0, 80)
    return [{ label: step.name?.text ?? line, ...(step.name !== undefined && { description: line }), at }]
  })
  if (items.length === 0)
    throw new Failure(
      'NO_MESSAGE',
      vscode.l10n.t('“{0}” has no message to send. Write one below its headers.', name),
    )
  return (await pickOne(items, vscode.l10n.t('Send Message of “{0}”', name))).at
}

function actionsFor(thrown: unknown, { uri }: RequestReference) {
  if (thrown instanceof RequestFailure)
    return [{ title: vscode.l10n.t('Show in File'), run: () => showSpan(uri, thrown.span) }]
  if (!(thrown instanceof Failure)) return []
  if (thrown.code === NOT_TRUSTED)
    return [
      {
        title: vscode.l10n.t('Manage Workspace Trust'),
        run: () => vscode.commands.executeCommand('workbench.trust.manage'),
      },
    ]
  if (thrown.code === 'UNKNOWN_ENVIRONMENT')
    return [
      {
        title: vscode.l10n.t('Select Environment…'),
        run: () => vscode.commands.executeCommand('realtimeInspector.selectEnvironment'),
      },
    ]
  return []
}
