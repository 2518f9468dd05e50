/** What the flows of OAuth 2 need from the program that runs them. */

/** Receives the redirect at the end of a sign-in. */
export interface RedirectReceiver {
  /** Where the authorization server is to send the browser. */
  readonly redirectUrl: string
  /** Opens the URL in a browser, and resolves to the URL that the browser was sent to. Rejects if the signal aborts. */
  open(url: string, signal: AbortSignal): Promise<URL>
  close(): void
}

export interface DeviceCode {
  /** The name of the configuration. */
  readonly name: string
  /** What the user enters. */
  readonly code: string
  /** Where the user enters it: an `http:` or `https:` URL. */
  readonly url: string
  /** The same with the code in it, if there is one. */
  readonly completeUrl?: string
  /** Milliseconds until the code expires. */
  readonly expiresIn: number
}

export interface ReceiveOptions {
  /** The name of the configuration. */
  readonly name: string
  /** `Redirect URL` of the configuration. */
  readonly redirectUrl: string | undefined
  /** What the redirect carries to be recognized. */
  readonly state: string
}

export interface OAuth2Host {
  /** Sends a request for a token. As `fetch`, but does not follow redirects. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
  /** Milliseconds since 1970. */
  now(): number
  /** Resolves after so many milliseconds. Rejects if the signal aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>
  /** Rejects with a `Failure` if nothing can be received there. */
  receive(options: ReceiveOptions): Promise<RedirectReceiver>
  /** Shows the code until the signal aborts. Returns at once. */
  showCode(code: DeviceCode, signal: AbortSignal): void
}
