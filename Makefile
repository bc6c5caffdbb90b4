# make test is what CI runs; the rest is for comfort.
.PHONY: build test slow lint demo

build:
	CGO_ENABLED=0 go build -trimpath -o detente ./cmd/detente

test:
	go test -race ./...

# slow tests: big and hostile inputs, whole-program memory, network faults,
# pages in a browser (where Chromium is installed; axe-core comes through npm)
slow:
	go test -tags slow -run '^TestSlow' ./...

lint:
	gofmt -l .
	go vet ./...
	go run honnef.co/go/tools/cmd/staticcheck@v0.8.2 ./...

demo:
	go run ./cmd/detente demo
