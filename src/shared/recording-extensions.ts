/** The ends of the names of files that hold recordings, in lower case. */
export const RECORDING_EXTENSIONS: readonly string[] = ['.rtsession', '.har']
