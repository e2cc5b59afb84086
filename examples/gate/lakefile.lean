import Lake

open Lake DSL

package gate

require batchnorm from ".." / ".."

@[default_target]
lean_lib Gate where
  srcDir := "lean"
