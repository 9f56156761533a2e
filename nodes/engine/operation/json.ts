/** An object whose members are known at run time only. */
export type Json = Record<string, unknown>;
