/** Bytes of the largest header of a WebSocket frame (RFC 6455 section 5.2). */
export const MAX_FRAME_HEADER = 14
