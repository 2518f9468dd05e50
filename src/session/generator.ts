import manifest from '../../package.json' with { type: 'json' }

/** The version of this program. */
export const VERSION = manifest.version

/** The generator named in session files. */
export const GENERATOR = `realtime-inspector ${VERSION}`
