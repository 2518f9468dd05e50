/**
 * The tokens of OAuth 2, in the editor's secret storage. Each workspace has its own, as it has its own secrets: a file of
 * another one cannot send a token that somebody signed in for here.
 */
import * as v from 'valibot'
import type * as vscode from 'vscode'
import { nameInKey, type TokenStore } from '../../../request/oauth2/tokens.ts'
import { type RequestSecretsOptions, workspaceOfWindow } from '../request-secrets.ts'

/** Where the keys are listed. The tokens are only in the secret storage. */
const KEYS = 'requestTokens'
const PREFIX = 'request token '
/** Keys that are listed. The oldest tokens are forgotten beyond that. */
const MAX_TOKENS = 200

const listed = v.array(v.object({ workspace: v.string(), key: v.string() }))

/** Tokens that are kept. */
export interface KeptTokens {
  /** The folder or the file of the workspace that they are for; empty for none. */
  readonly workspace: string
  readonly key: string
}

export class RequestTokens implements TokenStore {
  readonly #storage: RequestSecretsOptions['storage']
  readonly #memento: vscode.Memento
  readonly #workspace: string

  constructor({ storage, memento, workspace = workspaceOfWindow() }: RequestSecretsOptions) {
    this.#storage = storage
    this.#memento = memento
    this.#workspace = workspace
  }

  /** Those of all workspaces, the oldest first. */
  all(): readonly KeptTokens[] {
    const parsed = v.safeParse(listed, this.#memento.get(KEYS))
    return parsed.success ? parsed.output : []
  }

  /** The name of the configuration that they are for. */
  nameOf({ key }: KeptTokens): string {
    return nameInKey(key)
  }

  /** Whether they are for this workspace. */
  isOwn({ workspace }: KeptTokens): boolean {
    return workspace === this.#workspace
  }

  async get(key: string): Promise<string | undefined> {
    return await this.#storage.get(keyIn(this.#own(key)))
  }

  async keep(key: string, text: string): Promise<void> {
    const tokens = this.#own(key)
    await this.#storage.store(keyIn(tokens), text)
    const all = [...this.all().filter((each) => !isSame(each, tokens)), tokens]
    await this.#memento.update(KEYS, all.slice(-MAX_TOKENS))
    for (const dropped of all.slice(0, -MAX_TOKENS)) await this.#storage.delete(keyIn(dropped))
  }

  async forget(forgotten: KeptTokens): Promise<void> {
    await this.#storage.delete(keyIn(forgotten))
    await this.#memento.update(
      KEYS,
      this.all().filter((each) => !isSame(each, forgotten)),
    )
  }

  #own(key: string): KeptTokens {
    return { workspace: this.#workspace, key }
  }
}

function keyIn({ workspace, key }: KeptTokens): string {
  return `${PREFIX}${JSON.stringify([workspace, key])}`
}

function isSame(a: KeptTokens, b: KeptTokens): boolean {
  return a.workspace === b.workspace && a.key === b.key
}
