import type { Path } from './findings';

/** `['cart', 0, 'itemPrice']` -> `cart[0].itemPrice`. */
export function wirePath(path: Path, prefix = ''): string {
	return path.reduce<string>(
		(text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${part}` : part),
		prefix,
	);
}

/** A field's place in the whole event. */
export const placeOf = (field: string, prefix: string): string => (prefix ? `${prefix}.${field}` : field);
