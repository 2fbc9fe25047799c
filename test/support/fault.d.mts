export declare function inject(spec: string): void;
export declare function counted(): number;
