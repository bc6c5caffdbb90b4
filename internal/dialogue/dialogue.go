// Package dialogue turns events and claims into acts, disputes and the state of
// every channel. Pure: a fold over dated acts and claims.
package dialogue
