import type {Case} from "./case.js";

export const storedCases: readonly Case[] = [];
