/** Receives the redirects of sign-ins by the URI handler of the extension. */
import * as vscode from 'vscode'

const PATH = '/oauth2'

export class UriCallbacks implements vscode.UriHandler {
  readonly #extensionId: string
  /** By the state that the redirect carries. */
  readonly #waiting = new Map<string, (url: URL) => void>()

  constructor(extensionId: string) {
    this.#extensionId = extensionId
  }

  /** The URL that leads here, also from the browser of another machine. It may have a query of its own. */
  async redirectUrl(): Promise<string> {
    const uri = vscode.Uri.from({ scheme: vscode.env.uriScheme, authority: this.#extensionId, path: PATH })
    return (await vscode.env.asExternalUri(uri)).toString(true)
  }

  /** Resolves to the redirect that carries the state. Pending until then, or for good after `forget`. */
  async received(state: string): Promise<URL> {
    return await new Promise((resolve) => this.#waiting.set(state, resolve))
  }

  forget(state: string): void {
    this.#waiting.delete(state)
  }

  /** Anybody can open a URI of the extension, so one without a state that is waited for does nothing. */
  handleUri({ path, query }: vscode.Uri): void {
    if (path !== PATH) return
    const url = new URL(`http://localhost${PATH}?${query}`)
    const state = url.searchParams.get('state') ?? ''
    const resolve = this.#waiting.get(state)
    this.#waiting.delete(state)
    resolve?.(url)
  }
}
