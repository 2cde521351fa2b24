/** Version of Faultlab; a test holds it to package.json. Written into plans and repro lines. */
export const VERSION = '0.1.0';
