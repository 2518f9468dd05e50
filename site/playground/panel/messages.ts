/** What the page of the site and the frame with the panel tell each other. */

export type ThemeName = 'dark' | 'light'

export type ToPanel =
  | { readonly kind: 'open'; readonly file: Blob; readonly name: string }
  | { readonly kind: 'theme'; readonly theme: ThemeName }

export type FromPanel =
  /** The frame takes messages from now on. */
  | { readonly kind: 'ready' }
  /** The user has dropped a file on the panel. */
  | { readonly kind: 'dropped'; readonly file: File }
