/** The commands that look on another program. With arguments they act and reject; without they ask. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { parseEndpoint } from '../../shared/devtools-endpoint.ts'
import { Failure, problemOf } from '../../shared/failure.ts'
import type { AttachOptions } from '../../shared/protocol/traffic.ts'
import { askChoice, askText, pickOne } from '../ui/asking.ts'
import { readOptions } from '../ui/command-arguments.ts'
import { cancelled } from '../ui/notifier.ts'
import type { AttachedProgram, AttachedPrograms } from './attached-programs.ts'
import { findPrograms } from './find-programs.ts'
import { type GoToCodeOptions, goToCodeCommand } from './go-to-code.ts'

export interface AttachCommandOptions extends GoToCodeOptions {
  readonly programs: AttachedPrograms
  /** `preserveFocus` leaves the focus where it is. */
  readonly showPanel: (preserveFocus?: boolean) => void
}

const endpoint = v.pipe(v.string(), v.minLength(1), v.maxLength(2048))
const ATTACH = v.strictObject({ endpoint, match: v.optional(v.pipe(v.string(), v.maxLength(2048))) })

export function attachCommands(options: AttachCommandOptions) {
  const { programs, showPanel } = options
  return {
    'realtimeInspector.attach': async (argument: unknown) => {
      const wrong = vscode.l10n.t('The options of attach are {endpoint, match?}; see its documentation.')
      const given = readOptions(argument, ATTACH, wrong)
      const meant = given === undefined ? await askProgram(options) : withEndpoint(given)
      if ('root' in meant) return await inspect(options, meant.root)
      const attachment = await programs.attach(meant)
      showPanel(true)
      return attachment
    },
    'realtimeInspector.inspectDebugSession': async (argument: unknown) => {
      return await inspect(options, meantSession(options, argument) ?? (await askSession(options)))
    },
    'realtimeInspector.detach': async (argument: unknown) => {
      await programs.detach(meantProgram(programs, argument) ?? (await programs.choose()))
    },
    'realtimeInspector.goToCode': goToCodeCommand(options),
  }
}

async function inspect({ programs, notifier, showPanel }: AttachCommandOptions, root: vscode.DebugSession) {
  const attached = await programs.inspect(root)
  showPanel(true)
  if (attached.length === 0) notifier.info(vscode.l10n.t('{0} is inspected as soon as it runs.', root.name))
  return attached
}

/** A row of the side bar, or the number of an attachment. */
function meantProgram(programs: AttachedPrograms, argument: unknown): AttachedProgram | undefined {
  if (argument === undefined) return undefined
  const found = programs.all.find(
    ({ key, attachments }) =>
      (argument instanceof Object && 'program' in argument && argument.program === key) ||
      attachments.some(({ id }) => id === argument),
  )
  if (found === undefined)
    throw new Failure('NOT_ATTACHED', vscode.l10n.t('The inspector is no longer attached to this program.'))
  return found
}

/** The session that a menu of the debugger passes, or the active one; undefined if the user has to choose. Throws `NOT_JAVASCRIPT`. */
function meantSession(
  { debugSessions }: AttachCommandOptions,
  argument: unknown,
): vscode.DebugSession | undefined {
  const id =
    typeof argument === 'object' && argument !== null && 'sessionId' in argument
      ? argument.sessionId
      : argument
  if (typeof id === 'string' && id !== '') {
    const named = debugSessions.rootOf(id)
    if (named !== undefined) return named
    // The menu of the call stack does not know which debugger a session has.
    throw new Failure(
      'NOT_JAVASCRIPT',
      vscode.l10n.t(
        'Only what VS Code’s JavaScript debugger runs can be inspected: pages, Node.js and extensions. To record this program, start a recording proxy for it.',
      ),
    )
  }
  const active = vscode.debug.activeDebugSession
  return active && debugSessions.rootOf(active.id)
}

async function askSession({ debugSessions }: AttachCommandOptions): Promise<vscode.DebugSession> {
  const items = debugSessions.roots.map((session) => ({
    label: session.name,
    description: session.type,
    session,
  }))
  if (items.length === 0)
    throw new Failure(
      'NOT_DEBUGGING',
      vscode.l10n.t(
        'No JavaScript program is being debugged. Start one with “Debug: Start Debugging”, then inspect it.',
      ),
    )
  return (await pickOne(items, vscode.l10n.t('Inspect the Program Being Debugged'))).session
}

/** Throws `BAD_ENDPOINT`. */
function withEndpoint(options: AttachOptions): AttachOptions {
  const wrong = wrongEndpoint(options.endpoint)
  if (wrong !== undefined) throw new Failure('BAD_ENDPOINT', wrong)
  return { ...options, endpoint: parseEndpoint(options.endpoint).href }
}

/** What is wrong with an endpoint, as a sentence; undefined if nothing is. */
function wrongEndpoint(endpoint: string): string | undefined {
  if (problemOf(() => parseEndpoint(endpoint)) === undefined) return undefined
  return vscode.l10n.t('Enter a port, or an http: or ws: URL, such as http://127.0.0.1:9222.')
}

/** A program that is being debugged, or an endpoint. */
type Meant = { readonly root: vscode.DebugSession } | AttachOptions

/** Asks for a program that is being debugged or listens on this machine, or for an endpoint. Rejects with `CANCELLED`. */
async function askProgram({ debugSessions }: AttachCommandOptions): Promise<Meant> {
  const found = await findPrograms()
  const title = vscode.l10n.t('Inspect a Running Program')
  const debugged = debugSessions.roots.map((root) => ({
    label: root.name,
    description: vscode.l10n.t('being debugged'),
    iconPath: new vscode.ThemeIcon('debug-alt'),
    meant: { root },
  }))
  const listening = found.map(({ name, endpoint }) => ({
    label: name,
    description: endpoint,
    iconPath: new vscode.ThemeIcon('plug'),
    meant: { endpoint },
  }))
  if (debugged.length + listening.length === 0) return await askEndpoint(title)
  const other = { label: vscode.l10n.t('Another Endpoint…'), meant: undefined }
  const chosen = await askChoice<vscode.QuickPickItem & { meant: Meant | undefined }>(
    [...debugged, ...listening, other],
    { title, placeHolder: vscode.l10n.t('A browser or a program that listens for debuggers') },
  )
  if (chosen === undefined) throw cancelled()
  return chosen.meant ?? (await askEndpoint(title))
}

async function askEndpoint(title: string): Promise<AttachOptions> {
  const typed = await askText({
    title,
    placeHolder: 'http://127.0.0.1:9222',
    prompt: vscode.l10n.t(
      'Start Chrome or Edge with --remote-debugging-port=9222, Node.js with --inspect --experimental-network-inspection, or Deno with --inspect.',
    ),
    validateInput: wrongEndpoint,
  })
  return withEndpoint({ endpoint: typed })
}
