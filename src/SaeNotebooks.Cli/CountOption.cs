using System.CommandLine;

namespace SaeNotebooks.Cli;

/// <summary>An option that takes how many there are to be of something, one at least.</summary>
internal static class CountOption
{
    /// <param name="name">with its dashes</param>
    /// <param name="what">what is counted, for the help</param>
    /// <param name="usual">how many there are if nothing is said</param>
    public static Option<int> Create(string name, string what, int usual)
    {
        var option = new Option<int>(name) { Description = what, DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && int.TryParse(token.Value, out var count) && count < 1) result.AddError($"{name} is {count}; it must be at least 1.");
        });
        return option;
    }
}
