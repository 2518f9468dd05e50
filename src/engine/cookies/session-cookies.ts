/** The cookies of a session. The jar is loaded at its first use, because its list of public suffixes is large. */
import type { CookieMethods } from '../../shared/protocol/cookies.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { RequestHook } from '../../transport/request-hook.ts'
import { cookieHook } from './cookie-hook.ts'
import type { Jar } from './jar.ts'

export class SessionCookies {
  #jar: Promise<Jar> | undefined

  /** The jar, which is created at the first call. */
  jar(): Promise<Jar> {
    this.#jar ??= import('./jar.ts').then(({ Jar }) => new Jar())
    return this.#jar
  }

  /** Sends the cookies of the jar, and stores those of the responses. */
  hook(): RequestHook {
    return cookieHook(() => this.jar())
  }

  readonly handlers: Handlers<CookieMethods> = {
    cookies: async () =>
      this.#jar === undefined ? [] : (await this.#jar).list().map(({ value: _, ...info }) => info),
    cookieValue: async (key) => {
      const value = (await this.#jar)?.valueOf(key)
      return value === undefined ? null : { value }
    },
    deleteCookies: async (which) => (await this.#jar)?.delete(which),
  }
}
