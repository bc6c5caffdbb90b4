// Package store keeps records and answers what was known as of a day.
package store
