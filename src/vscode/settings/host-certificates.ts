/** The certificates of the setting `realtimeInspector.certificates`, with their passphrases in the secret storage. */
import { basename } from 'node:path'
import * as vscode from 'vscode'
import { certificatesFor, type HostCertificates } from '../../shared/host-certificates.ts'
import type { HostFiles } from '../../shared/protocol/connecting.ts'
import { askText } from '../ui/asking.ts'
import { plainText } from '../ui/untrusted-text.ts'
import { CERTIFICATES, filesOf, loadCertificates, readCertificates } from './certificate-files.ts'

export interface HostCertificateOptions {
  readonly storage: Pick<vscode.SecretStorage, 'get' | 'store'>
  readonly log: vscode.LogOutputChannel
}

function setting() {
  return readCertificates(vscode.workspace.getConfiguration().get(CERTIFICATES))
}

/** The names of the files for each host. */
export function hostFiles(): readonly HostFiles[] {
  return setting().entries.map(filesOf)
}

export class HostCertificateFiles {
  readonly #options: HostCertificateOptions

  constructor(options: HostCertificateOptions) {
    this.#options = options
  }

  /**
   * Reads all files, because a redirect may lead to any host. Asks for a passphrase only if it is for the host of the URL.
   * Rejects with `CANCELLED`.
   */
  async read(url: string): Promise<readonly HostCertificates[]> {
    const { entries, problem } = setting()
    if (problem !== undefined) this.#options.log.warn(problem)
    const own = isEncrypted(url) ? certificatesFor(new URL(url), entries) : undefined
    const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath
    const loaded: HostCertificates[] = []
    // One after another: each may ask.
    for (const entry of entries)
      loaded.push(
        await loadCertificates(entry, {
          folder,
          passphraseOf: (file, { host }, opens) =>
            this.#passphrase(file, opens, entry === own ? host : undefined),
        }),
      )
    return loaded
  }

  async #passphrase(
    file: string,
    opens: (passphrase: string) => boolean,
    host: string | undefined,
  ): Promise<string | undefined> {
    const { storage } = this.#options
    const key = `certificate passphrase ${file}`
    const kept = await storage.get(key)
    if (kept !== undefined && opens(kept)) return kept
    if (host === undefined) return undefined
    const typed = await askText({
      title: vscode.l10n.t('Passphrase of {0}', plainText(basename(file))),
      prompt: vscode.l10n.t(
        'The client certificate for {0} needs it. It is kept in the secret storage, so you are asked only once.',
        plainText(host),
      ),
      password: true,
      validateInput: (text) =>
        text === '' || opens(text) ? undefined : vscode.l10n.t('This passphrase does not open the file.'),
    })
    if (!opens(typed)) return undefined
    await storage.store(key, typed)
    return typed
  }
}

function isEncrypted(url: string): boolean {
  return /^(?:https|wss):/i.test(url) && URL.canParse(url)
}
