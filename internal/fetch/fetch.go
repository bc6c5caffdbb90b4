// Package fetch is the only package that reads the outside web.
package fetch
