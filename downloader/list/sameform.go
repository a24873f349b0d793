package list

import "os"

// SameForm reports whether the lists that the arguments of a command name are all written in
// the same way, so that entries of all of them can be in one list. It reads their beginnings.
// Of a stream it says no, unless that is the only list.
func SameForm(args []string, how List) bool {
	if len(args) < 2 {
		return true
	}
	var common *Form
	for _, arg := range args {
		form, ok, empty := how.formOf(arg)
		switch {
		case !ok:
			return false
		case empty:
		case common == nil:
			common = &form
		case *common != form:
			return false
		}
	}
	return true
}

// formOf returns how the list is written that an argument is. It is not ok if that cannot be
// told, and empty if there is nothing in the list.
func (l List) formOf(arg string) (form Form, ok, empty bool) {
	name, file := l.fileOf(arg)
	if file == "" {
		return Form{Format: Text}, true, false
	}
	info, err := os.Stat(file)
	if arg == "-" || err != nil || !info.Mode().IsRegular() { // opening a pipe may wait
		return form, false, false
	}
	f, err := os.Open(file)
	if err != nil {
		return form, false, false
	}
	defer func() { _ = f.Close() }()
	l.Name, l.Body, l.file, l.Cleaned, l.Chosen, l.Row = name, f, file, nil, nil, nil
	l.Begin = func(begun Form) { form = begun }
	empty = true
	_ = l.eachRow(false, func(row) bool { empty = false; return false }) // the run says what is wrong with it
	return form, true, empty
}
