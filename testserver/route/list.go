package route

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"grab/testserver/picture"
	"grab/testserver/reply"
)

const (
	defaultLimit = 30
	maxLimit     = 100
)

// listed is one picture of a list, with the field names of picsum.photos.
type listed struct {
	ID          string `json:"id"`
	Author      string `json:"author"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`
	URL         string `json:"url"`
	DownloadURL string `json:"download_url"`
}

// list answers /v2/list. Pages are numbered from 1.
func list(seed int64, r Request) reply.Response {
	query, err := url.ParseQuery(r.Query)
	if err != nil {
		return reply.BadRequest("invalid query")
	}
	page, okPage := parameter(query, "page", 1, maxID, 1)
	limit, okLimit := parameter(query, "limit", 1, maxLimit, defaultLimit)
	if !okPage || !okLimit {
		return reply.BadRequest("invalid page or limit")
	}
	self := "http://" + r.Host
	if r.Secure {
		self = "https://" + r.Host
	}
	items := []listed{}
	for id := (page - 1) * limit; id < min(page*limit, picsumCount); id++ {
		items = append(items, describe(seed, id, self))
	}
	data, err := json.Marshal(items)
	if err != nil {
		return reply.Text(http.StatusInternalServerError, err.Error())
	}
	resp := reply.Content(http.StatusOK, "application/json", data)
	if links := links(self, page, limit); links != "" {
		resp.Fields = append(resp.Fields, reply.Header("Link", links))
	}
	return resp
}

// describe returns the list entry of a picture. Its size is the one in its
// download URL.
func describe(seed, id int64, self string) listed {
	sizes := [...][2]int{{1200, 800}, {800, 1200}, {1600, 900}, {640, 480}, {1024, 1024}}
	size := sizes[picture.Hash(seed, "size", uint64(id))%uint64(len(sizes))]
	n := strconv.FormatInt(id, 10)
	return listed{
		ID:          n,
		Author:      "Author " + n,
		Width:       size[0],
		Height:      size[1],
		URL:         self + "/image/" + n + ".jpg",
		DownloadURL: fmt.Sprintf("%s/id/%s/%d/%d", self, n, size[0], size[1]),
	}
}

// links returns the Link header of a page.
func links(self string, page, limit int64) string {
	link := func(page int64, rel string) string {
		return fmt.Sprintf(`<%s/v2/list?page=%d&limit=%d>; rel="%s"`, self, page, limit, rel)
	}
	var list []string
	if page > 1 {
		list = append(list, link(page-1, "prev"))
	}
	if page*limit < picsumCount {
		list = append(list, link(page+1, "next"))
	}
	return strings.Join(list, ", ")
}
