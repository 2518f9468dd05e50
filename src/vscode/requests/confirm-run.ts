/** Asks what the user must confirm before a request runs: its environment, and files outside of the workspace. */
import * as vscode from 'vscode'
import { isInside } from '../../agents/inside-folders.ts'
import type { RequestFiles } from '../../request/variables/variables.ts'
import { Failure } from '../../shared/failure.ts'
import { confirmedEnvironments } from '../settings/current-settings.ts'
import type { Settings } from '../settings/settings.ts'
import { cancelled } from '../ui/notifier.ts'
import { plainText } from '../ui/untrusted-text.ts'
import { pathOf, placeOf, REQUEST_FILES } from './request-files.ts'

const SETTING: keyof Settings = 'realtimeInspector.confirmEnvironments'

/** The code of the failure that the workspace is not trusted. */
export const NOT_TRUSTED = 'NOT_TRUSTED'

export class RunConfirmation {
  /** Environments that the user has confirmed in this window. */
  readonly #confirmed = new Set<string>()
  /** Files outside of the workspace that requests may read, as the user has said in this window. */
  readonly #readable = new Set<string>()

  /** Rejects with `NOT_TRUSTED`, or with `CANCELLED`. */
  async ask(request: string, environment: string | undefined): Promise<void> {
    if (!vscode.workspace.isTrusted)
      throw new Failure(
        NOT_TRUSTED,
        vscode.l10n.t(
          'Requests do not run in Restricted Mode, because a file can send your secrets anywhere. Trust the workspace if you trust its authors.',
        ),
      )
    if (environment === undefined || this.#confirmed.has(environment)) return
    if (!confirmedEnvironments()(environment)) return
    const run = vscode.l10n.t('Run')
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('Run “{0}” in the environment “{1}”?', request, environment),
      {
        modal: true,
        detail: vscode.l10n.t(
          'You are asked once in each window. The setting {0} names the environments that ask.',
          SETTING,
        ),
      },
      run,
    )
    if (chosen !== run) throw cancelled()
    this.#confirmed.add(environment)
  }

  /**
   * Reads the files that a request of the file `uri` names. Asks before one outside of the workspace is read, because a
   * shared file could send a private one. Then `read` rejects with `CANCELLED` if the user does not mean it.
   */
  files(uri: vscode.Uri, request: string): RequestFiles {
    return {
      ...REQUEST_FILES,
      read: async (path) => {
        await this.#askToRead(path, placeOf(uri), request)
        return await REQUEST_FILES.read(path)
      },
    }
  }

  async #askToRead(path: string, place: vscode.Uri, request: string): Promise<void> {
    const key = JSON.stringify([place.toString(), path])
    // Other file systems have nothing of this machine.
    if (place.scheme !== 'file' || this.#readable.has(key)) return
    if (await isInside(path, foldersOf(place))) return
    const read = vscode.l10n.t('Read File')
    const chosen = await vscode.window.showWarningMessage(
      plainText(vscode.l10n.t('Let “{0}” read {1}, which is outside of the workspace?', request, path)),
      {
        modal: true,
        detail: vscode.l10n.t('The request may send what is in the file. You are asked once in each window.'),
      },
      read,
    )
    if (chosen !== read) throw cancelled()
    this.#readable.add(key)
  }
}

/** Those of the workspace, or that of a file elsewhere. */
function foldersOf(place: vscode.Uri): readonly string[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri)
  const own = vscode.workspace.getWorkspaceFolder(place)
  const all = own === undefined ? [...folders, vscode.Uri.joinPath(place, '..')] : folders
  return all.filter(({ scheme }) => scheme === 'file').map((folder) => pathOf(folder))
}
