/** Returns a string of one character for each byte, with the byte's value (ISO 8859-1; what `btoa` takes). */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}
