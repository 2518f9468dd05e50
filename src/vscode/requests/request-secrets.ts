/**
 * The values of `{{$secret NAME}}`, in the editor's secret storage. Each workspace has its own: a file of another one
 * cannot send a secret that was entered here.
 */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { askText } from '../ui/asking.ts'
import { plainText } from '../ui/untrusted-text.ts'

/** Where the names are listed. The values are only in the secret storage. */
const NAMES = 'requestSecrets'
const PREFIX = 'request secret '
/** Names that are listed. The oldest secret is forgotten beyond that. */
const MAX_SECRETS = 500

const listed = v.array(v.object({ workspace: v.string(), name: v.string() }))

export interface KeptSecret {
  /** The folder or the file of the workspace for which it was entered; empty for none. */
  readonly workspace: string
  readonly name: string
}

export interface RequestSecretsOptions {
  readonly storage: Pick<vscode.SecretStorage, 'get' | 'store' | 'delete'>
  readonly memento: vscode.Memento
  /** Default: that of the window. */
  readonly workspace?: string
}

export class RequestSecrets {
  readonly #storage: RequestSecretsOptions['storage']
  readonly #memento: vscode.Memento
  readonly #workspace: string
  readonly #changed = new vscode.EventEmitter<void>()
  /** Boxes that are open: two requests that want the same secret ask once. */
  readonly #asking = new Map<string, Promise<string>>()

  /** A secret was kept or forgotten. */
  readonly onChange = this.#changed.event

  constructor({ storage, memento, workspace = workspaceOfWindow() }: RequestSecretsOptions) {
    this.#storage = storage
    this.#memento = memento
    this.#workspace = workspace
  }

  dispose(): void {
    this.#changed.dispose()
  }

  /** The names of the secrets that are kept for this workspace, in alphabetical order. */
  names(): readonly string[] {
    return this.all()
      .filter((secret) => this.isOwn(secret))
      .map(({ name }) => name)
      .sort()
  }

  /** Whether a secret is kept for this workspace. */
  isOwn({ workspace }: KeptSecret): boolean {
    return workspace === this.#workspace
  }

  /** The secrets of all workspaces, the oldest first. */
  all(): readonly KeptSecret[] {
    const parsed = v.safeParse(listed, this.#memento.get(NAMES))
    return parsed.success ? parsed.output : []
  }

  /** The value; undefined if it is not kept. */
  async get(name: string): Promise<string | undefined> {
    return await this.#storage.get(this.#keyOf(this.#own(name)))
  }

  /** The names of the secrets of this workspace, by their values. */
  async values(): Promise<ReadonlyMap<string, string>> {
    const values = new Map<string, string>()
    for (const name of this.names()) {
      const value = await this.get(name)
      if (value !== undefined) values.set(value, name)
    }
    return values
  }

  /** The value that is kept, else the one that the user enters, which is kept. Rejects with `CANCELLED`. */
  async ask(name: string, request: string): Promise<string> {
    const kept = await this.get(name)
    if (kept !== undefined) return kept
    const open = this.#asking.get(name)
    if (open !== undefined) return await open
    const asked = this.#askAndKeep(
      name,
      vscode.l10n.t(
        '“{0}” needs the secret {1}. It is kept in the secret storage, so you are asked only once.',
        request,
        name,
      ),
    )
    this.#asking.set(name, asked)
    try {
      return await asked
    } finally {
      this.#asking.delete(name)
    }
  }

  /** Asks for a new value. Rejects with `CANCELLED`. */
  async change(name: string): Promise<void> {
    await this.#askAndKeep(
      name,
      vscode.l10n.t('The new value of {0}. It is kept in the secret storage.', name),
    )
  }

  async keep(name: string, value: string): Promise<void> {
    const secret = this.#own(name)
    await this.#storage.store(this.#keyOf(secret), value)
    const all = [...this.all().filter((each) => !isSame(each, secret)), secret]
    await this.#list(all.slice(-MAX_SECRETS))
    for (const dropped of all.slice(0, -MAX_SECRETS)) await this.#storage.delete(this.#keyOf(dropped))
  }

  /** Forgets a secret: of this workspace, or of any. */
  async forget(forgotten: string | KeptSecret): Promise<void> {
    const secret = typeof forgotten === 'string' ? this.#own(forgotten) : forgotten
    await this.#storage.delete(this.#keyOf(secret))
    await this.#list(this.all().filter((each) => !isSame(each, secret)))
  }

  /** Forgets the secrets of this workspace. */
  async forgetAll(): Promise<void> {
    for (const name of this.names()) await this.forget(name)
  }

  async #askAndKeep(name: string, prompt: string): Promise<string> {
    const value = await askText({
      title: vscode.l10n.t('Secret {0}', name),
      prompt: plainText(prompt),
      password: true,
    })
    await this.keep(name, value)
    return value
  }

  #own(name: string): KeptSecret {
    return { workspace: this.#workspace, name }
  }

  #keyOf({ workspace, name }: KeptSecret): string {
    return `${PREFIX}${JSON.stringify([workspace, name])}`
  }

  async #list(secrets: readonly KeptSecret[]): Promise<void> {
    await this.#memento.update(NAMES, secrets)
    this.#changed.fire()
  }
}

function isSame(a: KeptSecret, b: KeptSecret): boolean {
  return a.workspace === b.workspace && a.name === b.name
}

/** The folder or the file of the workspace of this window; empty for none. */
export function workspaceOfWindow(): string {
  const { workspaceFile, workspaceFolders } = vscode.workspace
  return (workspaceFile ?? workspaceFolders?.[0]?.uri)?.toString() ?? ''
}
