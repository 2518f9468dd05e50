/** Opens, compares, copies and saves payloads outside the panel. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import { COPY_FORMS, type CommandTool, type CopyForm, FORM_NAMES } from '../../shared/protocol/payloads.ts'
import { formatCount } from '../../shared/text/numbers.ts'
import { nameOf } from '../files/file-names.ts'
import { writeThrough } from '../files/local-file.ts'
import { openActions, type SaveOptions } from '../saving/save-session.ts'
import { askChoice } from '../ui/asking.ts'
import type { Action } from '../ui/notifier.ts'
import { commandShell } from '../ui/shells.ts'
import { askToCopySecrets } from './copy-session.ts'
import type { SessionDocuments } from './documents.ts'

/** The event for commands without arguments, and the previous event of its kind. */
export interface SelectedEvent {
  readonly index: number
  readonly previous: number | null
}

/** Codes of failures after which the payload can still be saved or shown as hex. */
const NOT_FOR_EDITORS: ReadonlySet<string> = new Set(['BINARY', 'TOO_LARGE'])

export class PayloadActions {
  selected: SelectedEvent | undefined
  readonly #options: SaveOptions
  readonly #documents: SessionDocuments

  constructor(options: SaveOptions, documents: SessionDocuments) {
    this.#options = options
    this.#documents = documents
  }

  /** The event that a command names, or the selected event. Throws NO_SELECTION. */
  subject(argument: unknown): number {
    if (typeof argument === 'number' && Number.isInteger(argument) && argument >= 0) return argument
    if (argument !== undefined)
      throw new Failure('BAD_ARGUMENT', vscode.l10n.t('Name an event by its number, counted from 0.'))
    if (this.selected === undefined)
      throw new Failure('NO_SELECTION', vscode.l10n.t('No event is selected. Select one in the panel first.'))
    return this.selected.index
  }

  /** The event to compare with: the one that a command names, or the predecessor of the selected event. */
  predecessor(argument: unknown): number {
    if (argument !== undefined) return this.subject(argument)
    const previous = this.selected?.previous ?? null
    if (previous === null)
      throw new Failure(
        'NOTHING_BEFORE',
        vscode.l10n.t(
          'There is nothing to compare: this connection has no earlier message of the same name and direction.',
        ),
      )
    return previous
  }

  /** Shows the payload in an editor, or offers to save it if no editor can show it. */
  async open(index: number): Promise<void> {
    try {
      await show(await this.#documents.open(index))
    } catch (error) {
      if (!(error instanceof Failure) || !NOT_FOR_EDITORS.has(error.code)) throw error
      const save: Action = { title: vscode.l10n.t('Save Payload…'), run: () => this.save(index, false) }
      const hex: Action = {
        title: vscode.l10n.t('Open as Hex'),
        run: async () => await show(await this.#documents.open(index, true)),
      }
      this.#options.notifier.info(error.message, save, hex)
    }
  }

  /** Shows both in VS Code's diff editor, as hex dumps unless both are text. */
  async compare(left: number, right: number): Promise<void> {
    const [one, other] = await this.#openBoth(left, right)
    const title = `${nameOf(one.uri)} ↔ ${nameOf(other.uri)}`
    await vscode.commands.executeCommand('vscode.diff', one.uri, other.uri, title, {
      viewColumn: vscode.ViewColumn.Beside,
      preview: true,
    })
  }

  async #openBoth(left: number, right: number) {
    const open = (hex: boolean) =>
      Promise.all([this.#documents.open(left, hex), this.#documents.open(right, hex)])
    try {
      return await open(false)
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'BINARY') throw error
      return await open(true)
    }
  }

  /** Copies the payload to the clipboard. Returns false if the user cancels. */
  async copy(index: number, form: CopyForm): Promise<boolean> {
    const text =
      form === 'curl' || form === 'websocat'
        ? await this.#command(index, form)
        : await this.#options.session.call('copyText', { index, form }, 0)
    if (text === undefined) return false
    await vscode.env.clipboard.writeText(text)
    vscode.window.setStatusBarMessage(vscode.l10n.t('Copied as {0}', FORM_NAMES[form]), 3000)
    return true
  }

  /** Asks for the form in which to copy. */
  async askAndCopy(index: number): Promise<boolean> {
    const items = COPY_FORMS.map((form) => ({ label: FORM_NAMES[form], form }))
    const chosen = await askChoice(items, { title: vscode.l10n.t('Copy Payload As') })
    return chosen === undefined ? false : await this.copy(index, chosen.form)
  }

  async #command(index: number, tool: CommandTool): Promise<string | undefined> {
    const { session } = this.#options
    const shell = commandShell(vscode.env.shell)
    const { text, masked } = await session.call('command', { index, tool, shell, reveal: false })
    const revealing = await askToCopySecrets(masked)
    if (revealing === undefined) return undefined
    return revealing ? (await session.call('command', { index, tool, shell, reveal: true })).text : text
  }

  /** Asks for a file and writes the payload, or with `whole` its whole stream. Returns false if the user cancels. */
  async save(index: number, whole: boolean): Promise<boolean> {
    const { session } = this.#options
    const name = await session.call('fileName', { index, whole })
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri
    const uri = await vscode.window.showSaveDialog({
      title: whole ? vscode.l10n.t('Save Stream') : vscode.l10n.t('Save Payload'),
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    })
    if (uri === undefined) return false
    await this.saveTo(index, whole, uri)
    return true
  }

  /** Writes the payload to `uri` and reports it. */
  async saveTo(index: number, whole: boolean, uri: vscode.Uri): Promise<void> {
    const { session, storage, notifier } = this.#options
    const { size, lost } = await writeThrough(storage, uri, (path) =>
      session.call('savePayload', { index, whole, path }, 0),
    )
    const bytes = formatCount(size)
    const message = lost
      ? vscode.l10n.t('Saved {0} bytes. Part of the stream had been dropped.', bytes)
      : vscode.l10n.t('Saved {0} bytes.', bytes)
    notifier.info(message, ...openActions(uri))
  }
}

async function show(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preview: true })
}
