package web

import (
	"container/list"
	"context"
	"reflect"
	"sync"

	"detente"
)

// memory keeps views that were made, for as long as nothing has changed that
// they are made of (store.Stamp). Views in it are read alone. It holds the most
// lately asked.
type memory struct {
	mu    sync.Mutex
	views map[string]*list.Element // of kept
	order list.List                // the most lately asked first
}

// kept is a view with what it is of.
type kept struct {
	key, stamp string
	view       any
}

// memoryRoom is how many views a memory holds, of some 100 KB each.
const memoryRoom = 128

// take gives the view of a key if it has this stamp.
func (m *memory) take(key, stamp string) (any, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.views[key]
	if !ok || e.Value.(kept).stamp != stamp {
		return nil, false
	}
	m.order.MoveToFront(e)
	return e.Value.(kept).view, true
}

// put keeps a view, in the place of the one that was asked for least lately.
func (m *memory) put(key, stamp string, view any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.views == nil {
		m.views = map[string]*list.Element{}
	}
	if e, ok := m.views[key]; ok {
		m.order.Remove(e)
	}
	m.views[key] = m.order.PushFront(kept{key, stamp, view})
	if m.order.Len() > memoryRoom {
		last := m.order.Back()
		m.order.Remove(last)
		delete(m.views, last.Value.(kept).key)
	}
}

// remembered gives the view of a key, made anew where something of dyad (the
// zero Dyad: of any) has changed. What changes while it is made leaves another
// stamp, so that no view outlives it.
func remembered[T any](ctx context.Context, s *server, dyad detente.Dyad, key string, build func() (T, error)) (T, error) {
	stamp, err := s.store.Stamp(ctx, dyad)
	if err != nil {
		var none T
		return none, err
	}
	if view, ok := s.memory.take(key, stamp); ok {
		return view.(T), nil
	}
	view, err := build()
	if err == nil {
		whole(reflect.ValueOf(view)) // now, as several requests may write it as JSON at once
		s.memory.put(key, stamp, view)
	}
	return view, err
}
