/** Signing in and out, the member's own account. */
import { request } from "./client";
import type { ApiToken, Me } from "./shapes";

export const signIn = (email: string, password: string): Promise<Me> =>
  request("POST", "/sign-ins", { body: { email, password } });

export const signInByLink = (token: string): Promise<Me> =>
  request("POST", "/sign-ins/by-link", { body: { token } });

export const signOut = (): Promise<void> => request("DELETE", "/sign-ins/current");

export const getMe = (): Promise<Me> => request("GET", "/me");

export const changePassword = (current: string | null, next: string): Promise<void> =>
  request("PUT", "/me/password", { body: current ? { current, new: next } : { new: next } });

export const listApiTokens = (): Promise<ApiToken[]> => request("GET", "/me/api-tokens");

export const makeApiToken = (name: string): Promise<ApiToken> =>
  request("POST", "/me/api-tokens", { body: { name } });

export const dropApiToken = (id: string): Promise<void> =>
  request("DELETE", `/me/api-tokens/${id}`);
