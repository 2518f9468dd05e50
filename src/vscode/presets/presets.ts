/** Connects by presets, and writes them into files of requests. */
import * as vscode from 'vscode'
import { gapBeforeRequest } from '../../request/file/add.ts'
import { protocolOf } from '../../request/file/settings.ts'
import {
  answeredText,
  type Preset,
  questionsOf,
  snippetOf,
  techniqueOf,
} from '../../request/presets/preset.ts'
import { PRESETS, parseFilled, parsePreset, presetNamed } from '../../request/presets/table.ts'
import { resolveRequest } from '../../request/resolve.ts'
import { onlySecretPlaceholders } from '../../request/secret-placeholders.ts'
import { VariableScope } from '../../request/variables/scope.ts'
import type { RequestFiles } from '../../request/variables/variables.ts'
import { Failure } from '../../shared/failure.ts'
import type { ListedPreset } from '../../shared/protocol/connecting.ts'
import type { SignIn } from '../requests/oauth2/sign-in.ts'
import { answersFor } from '../requests/request-answers.ts'
import { exists } from '../requests/request-files.ts'
import type { RequestIndex } from '../requests/request-index.ts'
import type { RequestSecrets } from '../requests/request-secrets.ts'
import { askRequestFile, freeName } from '../requests/saving/ask-where.ts'
import type { LiveSession } from '../session/live-session.ts'
import { askChoice, askText } from '../ui/asking.ts'
import { asUri } from '../ui/command-arguments.ts'
import { hideValues } from '../ui/hidden-values.ts'
import { cancelled } from '../ui/notifier.ts'

export interface PresetsOptions {
  readonly session: LiveSession
  readonly index: RequestIndex
  readonly requestSecrets: RequestSecrets
  readonly signIn: SignIn
  readonly showPanel: (preserveFocus: boolean) => void
}

/** Longest answer in characters. */
const MAX_ANSWER = 2000
/** A preset is not in a file, and has no files. */
const FILE = '/preset.http'
const NO_FILES: RequestFiles = { read: async () => undefined, resolve: (_, reference) => reference }

export class Presets {
  readonly #options: PresetsOptions

  constructor(options: PresetsOptions) {
    this.#options = options
  }

  /** As pages list them. */
  list(): readonly ListedPreset[] {
    return PRESETS.map((preset) => {
      const { request } = parsePreset(preset)
      const { name, title, hint } = preset
      const protocol = protocolOf(request)
      return {
        ...{ name, title, hint, transport: request.transport },
        ...(protocol !== undefined && { protocol }),
      }
    })
  }

  /** Asks for what differs, and connects. Without a name, asks for the preset, too. Rejects with `CANCELLED`. */
  async connect(name?: string): Promise<number> {
    const { session, requestSecrets, signIn, showPanel } = this.#options
    const preset = await meant(name, vscode.l10n.t('Connect with Preset'))
    const asked = answeredText(parsePreset(preset).file, await askAnswers(preset))
    const { file: parsed, request } = parseFilled(preset, asked)
    const resolved = await resolveRequest(request, {
      file: FILE,
      scope: new VariableScope({ file: FILE, parsed, request }),
      answers: answersFor(preset.title, requestSecrets, signIn),
      files: NO_FILES,
    })
    hideValues(resolved.secrets)
    const id = await session.connect(resolved.spec, {
      script: resolved.script,
      secrets: resolved.secrets,
      remembered: onlySecretPlaceholders(resolved.remembered),
    })
    showPanel(true)
    return id
  }

  /** Writes a preset at the end of a file, as a snippet to fill in. Asks for what is missing. Rejects with `CANCELLED`. */
  async write(name?: string, given?: vscode.Uri): Promise<void> {
    const title = vscode.l10n.t('New Request from Preset')
    const preset = await meant(name, title)
    const { index } = this.#options
    const uri = given ?? (await askRequestFile(index, title))
    if (uri.scheme !== 'untitled' && !(await exists(uri)))
      await vscode.workspace.fs.writeFile(uri, new Uint8Array())
    const document = await vscode.workspace.openTextDocument(uri)
    const { names } = await index.fileAt(uri)
    const parsed = parsePreset(preset)
    const free = freeName(names, parsed.request.name?.text ?? preset.title)
    const text = document.getText()
    const end = document.positionAt(text.length)
    const editor = await vscode.window.showTextDocument(document, { selection: new vscode.Range(end, end) })
    const snippet = snippetOf(parsed.file, { of: parsed.request, text: free })
    await editor.insertSnippet(new vscode.SnippetString(gapBeforeRequest(text) + snippet), end)
  }
}

/** The command that writes a preset. It takes the name of a preset, and a file. */
export function presetCommands({ presets }: { readonly presets: () => Promise<Presets> }) {
  return {
    'realtimeInspector.newRequestFromPreset': async (preset: unknown, file: unknown) =>
      (await presets()).write(typeof preset === 'string' ? preset : undefined, asUri(file)),
  }
}

async function meant(name: string | undefined, title: string): Promise<Preset> {
  if (name === undefined) return await askPreset(title)
  const preset = presetNamed(name)
  if (preset === undefined)
    throw new Failure('NO_PRESET', vscode.l10n.t('There is no preset {0}. Choose one from the list.', name))
  return preset
}

async function askPreset(title: string): Promise<Preset> {
  const items = PRESETS.map((preset) => ({
    label: preset.title,
    description: techniqueOf(parsePreset(preset).request),
    detail: preset.hint,
    preset,
  }))
  const chosen = await askChoice(items, { title, matchOnDescription: true, matchOnDetail: true })
  if (chosen === undefined) throw cancelled()
  return chosen.preset
}

/** Asks for the values of the variables, one after another. Rejects with `CANCELLED`. */
async function askAnswers(preset: Preset): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>()
  const questions = questionsOf(parsePreset(preset).file)
  for (const [at, { name, text, initial }] of questions.entries()) {
    const answer = await askText({
      title: `${preset.title} (${at + 1}/${questions.length})`,
      prompt: text,
      value: initial,
      validateInput: (typed) => {
        if (typed.trim() === '') return vscode.l10n.t('Enter a value.')
        return typed.length > MAX_ANSWER ? vscode.l10n.t('Enter a shorter value.') : undefined
      },
    })
    answers.set(name, answer.trim())
  }
  return answers
}
