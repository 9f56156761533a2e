import type { Field } from '../operation/operation';

/** The name under which the form asks for a field. */
export const formName = (field: Field): string => field.formName ?? field.wire;

export const isExpression = (value: unknown): boolean => typeof value === 'string' && value.startsWith('=');
