/** The client alone: undici's entry also loads fetch, caches and WebSocket, which nothing here uses. */
declare module 'undici/lib/dispatcher/client.js' {
  export { Client as default } from 'undici'
}
